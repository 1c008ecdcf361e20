"""What the API keeps: one module for each noun."""
