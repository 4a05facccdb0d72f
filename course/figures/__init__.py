"""Drawings and the one look that all notebooks share. `style` first; the other files draw one thing each."""
