"""What all pages share: the door, the request's context, forms, tables, errors and the kit of components."""
