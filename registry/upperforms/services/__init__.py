"""A form is brought, its headings are explained, and it is handed back filled."""
