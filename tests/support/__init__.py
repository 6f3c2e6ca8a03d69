"""What tests of several rooms build their world with."""
