"""Valid-by-default people, orders and servers for the tests; each takes what differs as keywords."""
