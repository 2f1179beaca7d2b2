"""What the program promises about its data, tried at length: one command each, short versions in the suite.

python -m bench.trust.tampering DATABASE     faults planted past the program: all are to be found and named
"""
