"""Say beside a wrong variant which hint it must get."""


def expects(mistake):
    """Decorate a wrong variant with the name of the Mistake, or of the general hint, that must recognise it."""

    def mark(variant):
        variant.mistake = mistake
        return variant

    return mark
