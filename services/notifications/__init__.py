"""What each recipient is told, and the live stream to open pages."""
