"""Signing in and out. Throttling is django-axes' work (settings AXES_…); its page is console/locked_out.html."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from publisher.console.forms import ConsoleRenderer


class SignInForm(AuthenticationForm):
    default_renderer = ConsoleRenderer
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Hãy điền tên đăng nhập."},
    )
    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Hãy điền mật khẩu."},
    )
    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock.",
        "inactive": "Tài khoản này đã ngừng dùng. Hãy hỏi người quản trị của đơn vị.",
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class SignIn(LoginView):
    template_name = "console/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    pass


def home(request: HttpRequest) -> HttpResponse:
    """The bare address of an installation leads to work; who is not signed in is asked to on the way."""
    return redirect("today")
