"""The EDN form: reading forms, making blocks of them, writing them back."""
