"""The broker loses the last records of its logs, and other records take their places."""
