"""Hidden cases, one module an assignment. Only the hidden region of a test cell imports them."""
