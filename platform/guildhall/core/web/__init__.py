"""What people see: layouts, the kit of macros, assets, brand colours and formats."""
