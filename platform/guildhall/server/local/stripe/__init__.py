"""A simulator of the part of Stripe that Guildhall uses: its API, its hosted pages, its webhooks.

stripe-python talks to it as to Stripe: `stripe.StripeClient(key, base_addresses={"api": simulator.url})`.
"""

from guildhall.server.local.stripe.simulator import StripeSimulator

__all__ = ["StripeSimulator"]
