"""The forms of Flask-Security's pages with our labels; what they check beyond that stays its own."""

from __future__ import annotations

from typing import Any

from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    hash_password,
)
from flask_security.forms import (
    EmailValidation,
    email_required,
    password_required,
    unique_user_email,
    valid_user_email,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from wtforms import BooleanField, EmailField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

LONGEST_ADDRESS = 254
LONGEST_NAME = 200
NO_CONTROL_CHARACTERS = "Use letters, digits and signs alone."


def stripped(text: str | None) -> str:
    """This will return a field's text without the white space around it."""
    return (text or "").strip()


def one_line(_form: object, field: StringField) -> None:
    """This will refuse text that cannot stand on one line."""
    if not (field.data or "").isprintable():
        raise ValidationError(NO_CONTROL_CHARACTERS)


def name_field(label: str, *, required: str) -> StringField:
    """This will make the field for a name; `required` is the sentence for an empty one."""
    checks = [DataRequired(required), Length(max=LONGEST_NAME, message="Use at most %(max)d characters."), one_line]
    return StringField(label, validators=checks, filters=[stripped])


def password_field(label: str) -> PasswordField:
    """This will make the field for a password, old or new."""
    return PasswordField(label, validators=[password_required])


def address_field(label: str, *checks: Any) -> EmailField:
    """This will make the field for an e-mail address; `checks` follow the one for presence and length."""
    longest = Length(max=LONGEST_ADDRESS, message="Use at most %(max)d characters.")
    return EmailField(label, validators=[email_required, longest, *checks], filters=[stripped])


def keep_mistyping(form: SendConfirmationForm | ForgotPasswordForm) -> None:
    """This will say on the form what is wrong with an address as such: what stands at the field itself is withheld."""
    unknown, _tone = get_message("USER_DOES_NOT_EXIST")
    if form.user is None:
        form.form_errors = [each for each in form.email.errors if each != unknown]


class SignInForm(LoginForm):
    """Address and password."""

    email = address_field("E-mail", EmailValidation(verify=False))
    password = password_field("Password")
    remember = BooleanField("Keep me signed in on this computer for two weeks")


class SignUpForm(RegisterFormV2):
    """A new customer."""

    name = name_field("Your name", required="Enter your name.")
    company = StringField(
        "Company",
        validators=[Length(max=LONGEST_NAME, message="Use at most %(max)d characters."), one_line],
        filters=[stripped],
    )
    email = address_field("E-mail", EmailValidation(verify=True), unique_user_email)
    password = password_field("Password")

    def to_dict(self, only_user: bool) -> dict[str, Any]:
        """This will return what the new account is made from."""
        return {name: self[name].data for name in ("name", "company", "email", "password")}


class SendConfirmation(SendConfirmationForm):
    """Where a new link to confirm the address goes."""

    email = address_field("E-mail", EmailValidation(verify=True), valid_user_email)

    def validate(self, **kwargs: Any) -> bool:
        """This will check the form, in the same time whether the address is known or not."""
        valid = bool(super().validate(**kwargs))
        keep_mistyping(self)
        if not valid:
            hash_password("the same work as for a link")
        return valid


class ForgotPassword(ForgotPasswordForm):
    """Where the link for a new password goes."""

    email = address_field("E-mail", EmailValidation(verify=True), valid_user_email)

    def validate(self, **kwargs: Any) -> bool:
        """This will check the form."""
        valid = bool(super().validate(**kwargs))
        keep_mistyping(self)
        return valid


class ResetPassword(ResetPasswordForm):
    """A new password, by a link."""

    password = password_field("New password")
    password_confirm = None  # type: ignore[assignment]


class ChangePassword(ChangePasswordForm):
    """A new password, by the old one."""

    password = password_field("Password that you have now")
    new_password = password_field("New password")
    new_password_confirm = None  # type: ignore[assignment]


class ChangeAddress(ChangeEmailForm):
    """A new address."""

    email = address_field("New e-mail", EmailValidation(verify=True), unique_user_email)


class EnterPasswordAgain(VerifyForm):
    """The password once more, before something that matters."""

    password = password_field("Password")


class EnterCode(TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app."""

    code = StringField(
        "Code from your app",
        validators=[DataRequired("Enter the six digits that your app shows."), Length(max=20)],
        filters=[lambda text: (text or "").replace(" ", "")],
    )


class EnterRecoveryCode(MfRecoveryForm):
    """One of the codes that were made for the day on which the phone is lost."""

    code = StringField(
        "Recovery code",
        validators=[DataRequired("Enter one of your recovery codes."), Length(max=40)],
        filters=[lambda text: stripped(text).lower()],
    )


FORMS: dict[str, Any] = {
    "login_form": SignInForm,
    "register_form": SignUpForm,
    "send_confirmation_form": SendConfirmation,
    "forgot_password_form": ForgotPassword,
    "reset_password_form": ResetPassword,
    "change_password_form": ChangePassword,
    "change_email_form": ChangeAddress,
    "verify_form": EnterPasswordAgain,
    "two_factor_verify_code_form": EnterCode,
    "mf_recovery_form": EnterRecoveryCode,
}
