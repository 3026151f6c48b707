"""What the floors above may use of integrations."""

from modules.integrations.services.tokens import authenticate_token, create_token

__all__ = ["authenticate_token", "create_token"]
