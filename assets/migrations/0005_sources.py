"""What was kept before there was a library gets its kind, and what the publisher drew itself its source."""

from django.db import migrations

from assets.consent import folded

OUR_OWN = "Đồ họa của đơn vị"


def sort(apps, schema_editor):
    Asset, Rendition = apps.get_model("assets", "Asset"), apps.get_model("assets", "Rendition")
    rows = Asset.objects.all()
    rows.filter(media_type__startswith="video/").update(kind="video")
    made = rows.filter(media_type__startswith="image/", added_by=None)  # nobody brought these
    made.filter(pk__in=Rendition.objects.values("asset")).update(kind="rendition")
    made.filter(name__startswith="the-", alt__startswith="Thẻ tiêu đề: ").update(
        kind="card", source=OUR_OWN, people="none"
    )
    for asset in rows.filter(kind="picture").only("alt", "name").iterator():
        rows.filter(pk=asset.pk).update(folded=folded(asset.alt, "", "", asset.name))


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0004_library"),
    ]

    operations = [
        migrations.RunPython(sort, migrations.RunPython.noop),
    ]
