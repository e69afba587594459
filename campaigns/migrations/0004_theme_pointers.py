from django.db import migrations


def give_pointers(apps, schema_editor):
    """A theme's place among its siblings is its place in the reading it came from."""
    theme = apps.get_model("campaigns", "Theme")
    places, counts = {}, {}
    for row in theme.objects.order_by("plan_id", "order").iterator():
        above = (row.plan_id, row.parent_id)
        at = counts[above] = counts.get(above, -1) + 1
        places[row.pk] = f"{places[row.parent_id]}/children/{at}" if row.parent_id in places else f"/themes/{at}"
        theme.objects.filter(pk=row.pk).update(pointer=places[row.pk])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_revisions_and_corrections")]
    operations = [migrations.RunPython(give_pointers, migrations.RunPython.noop)]
