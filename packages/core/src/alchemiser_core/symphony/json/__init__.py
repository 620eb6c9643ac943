"""The JSON form: reading documents, making blocks of them, writing them back."""
