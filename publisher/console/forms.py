"""Forms as the console draws them: label, hint, error, field, in that order, tied together for screen readers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates

from publisher.console.spans import EARLIEST, LATEST

UPLOAD_LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes


class ConsoleRenderer(DjangoTemplates):
    form_template_name = "console/form/fields.html"
    field_template_name = "console/form/field.html"


class PlainForm(forms.Form):
    default_renderer = ConsoleRenderer
    error_css_class = "wrong"
    required_css_class = "required"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages.setdefault("required", "")
            if field.required:
                field.error_messages["required"] = f"Hãy điền “{field.label}”."


class DayField(forms.DateField):
    """A day somebody can mean: a slip of the keys ("0206", "20266") is told, not reckoned with."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value.year <= LATEST:
            raise forms.ValidationError(f"Năm {value.year} không đúng. Hãy kiểm tra lại ngày.", code="year")


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Zero, one or several files."""

    widget = SeveralFilesInput

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]


class ReasonForm(PlainForm):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


def first_error(form: forms.Form) -> str:
    """The first thing wrong with a one-line form, for a message."""
    return next((str(errors[0]) for errors in form.errors.values()), "")


def too_large(file: UploadedFile) -> str:
    if file.size is not None and file.size > UPLOAD_LIMIT:
        return f"Tệp nặng {file.size / 1024 / 1024:.1f} MB, quá 12 MB. Hãy nén ảnh trong tệp hoặc tách tệp rồi gửi lại."
    return ""
