"""The form of one access item, made from the fields that its kind asks for."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from migrator.access.fields import FIELDS, FieldKind, FieldSpec, UnusableDetails, cleaned
from migrator.access.lifecycle import ItemKind

SECRET_FIELDS = {kind: tuple(spec.name for spec in specs if spec.is_secret) for kind, specs in FIELDS.items()}
TYPE_AGAIN = "Type it again: for your safety a page never shows what was typed here."


class AccessForm(FlaskForm):  # type: ignore[misc]
    """What all kinds share; `version` is that of the item which the page showed."""

    version = HiddenField()
    kind: ItemKind
    standing: frozenset[str]

    def values(self) -> dict[str, str]:
        """This will return what was typed, by the names of the fields."""
        return {spec.name: self[spec.name].data or "" for spec in FIELDS[self.kind]}

    def validate(self, extra_validators: Any = None) -> bool:
        """This will put a sentence at each field whose answer cannot be used."""
        if not super().validate(extra_validators):
            return False
        try:
            cleaned(self.kind, self.values(), standing=self.standing)
        except UnusableDetails as refusal:
            self.mark(refusal)
            return False
        return True

    def mark(self, refusal: UnusableDetails) -> None:
        """This will put each sentence at its field."""
        for name, sentence in refusal.sentences.items():
            self[name].errors = [sentence]

    def forget_secrets(self) -> None:
        """This will leave every secret empty on the page that follows, and say so where one was typed."""
        for name in SECRET_FIELDS[self.kind]:
            if self[name].data:
                self[name].data = None
                self[name].errors = self[name].errors or [TYPE_AGAIN]


def access_form(kind: ItemKind, *, standing: frozenset[str], kept: dict[str, Any], version: int) -> AccessForm:
    """This will make the form of an item, filled with what is kept of it in the open.

    :param standing: the secrets that are saved already and may be left empty
    """
    fields = {spec.name: _field(spec) for spec in FIELDS[kind]}
    form_class = type("ItemForm", (AccessForm,), {**fields, "kind": kind, "standing": standing})
    form: AccessForm = form_class(data={"protocol": "sftp", **kept, "version": version})
    for spec in FIELDS[kind]:
        form[spec.name].flags.required = spec.required and spec.name not in standing
    return form


def _field(spec: FieldSpec) -> Field:
    match spec.kind:
        case FieldKind.SECRET:
            return PasswordField(spec.label)
        case FieldKind.CHOICE:
            return RadioField(
                spec.label, choices=[SelectChoice(*choice) for choice in spec.choices], validate_choice=False
            )
        case FieldKind.LONG:
            return TextAreaField(spec.label)
    return StringField(spec.label)
