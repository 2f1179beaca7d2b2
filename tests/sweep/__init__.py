"""Every page as every role, looked at by a browser: what a page must be, whoever opens it and on whatever screen.

`python -m tests.sweep ADDRESS` walks through a city that is served; tests/house/test_looks.py asks the same of every route.
"""
