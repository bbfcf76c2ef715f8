"""The customer's access pages."""
