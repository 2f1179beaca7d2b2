"""The quarterly bulletin (季度通报): a closed quarter told as an official paper."""
