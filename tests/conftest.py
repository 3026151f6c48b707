"""Everything that all tests share comes from the kit, so that other people's modules are tested the same way."""

pytest_plugins = ["guildhall.server.testing"]
