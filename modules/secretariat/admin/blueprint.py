from flask import Blueprint

blueprint = Blueprint("secretariat_admin", __name__)
