"""What `course.py` does, one file a command. Nothing in the package imports it; JupyterLab does."""
