"""The time of this computer, and the calendars of exchanges."""
