"""Work after the commit: an outbox in each house, a relay that hands it to RQ, and a worker that runs it."""
