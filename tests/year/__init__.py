"""A full year of an invented city, played by its users alone and reckoned a second time from the raw inputs."""
