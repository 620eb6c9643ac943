"""The WebSocket side of the simulator."""
