"""Plans in: the bytes of a document → what the plan in it says, each value with its place.

    reading = read_plan(data, "ke-hoach.docx")   # PlanRefused when it cannot be read or is no plan
    to_json(reading)["themes"]

Pure: no Django, no network, no clock.
"""

from campaigns.reading.reader import read_plan
from campaigns.reading.refusal import PlanRefused, refusal_to_json
from campaigns.reading.schema import Reading, to_json

__all__ = ["PlanRefused", "Reading", "read_plan", "refusal_to_json", "to_json"]
