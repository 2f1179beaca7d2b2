"""Pages of the portal: the open ones, and those by which offices release."""
