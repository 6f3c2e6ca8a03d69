"""The processes of a server: the broker, who it starts, how they talk, and what they give up."""
