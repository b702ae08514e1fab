"""JupyterLab's connection to a kernel, without a wait between small messages. `course.py` tells JupyterLab of it.

A kernel answers a move of a slider with several small messages in a row. By default the system holds the second one
back until the browser has confirmed the first (Nagle's algorithm, RFC 896), and a browser may take 40 ms for that
(delayed acknowledgement, RFC 1122).
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class QuickConnection(ZMQChannelsWebsocketConnection):
    """The usual connection; every message leaves at once."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
