"""How requests reach the application: gathered whole outside its threads, answered without waiting for the client."""
