"""What machines ask: is it alive?"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from publisher.delivery.clock import clock_state


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when web and database answer; says besides whether a clock lives. 503 without a database."""
    try:
        state = clock_state()
    except DatabaseError:
        return JsonResponse({"web": "ok", "database": "unreachable"}, status=503)
    last = state.last_beat.isoformat() if state.last_beat else None
    return JsonResponse({"web": "ok", "database": "ok", "clock": state.alive, "clock_last_beat": last})
