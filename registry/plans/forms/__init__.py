"""Forms; texts are Chinese and lazy, so that each reader gets their language."""
