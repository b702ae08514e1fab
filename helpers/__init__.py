"""The package behind the notebooks: networks, data, figures and exercise checks."""
