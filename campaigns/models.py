"""Plans as issued, the campaigns derived from them, and the posts that carry the campaigns out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Origin(models.TextChoices):
    """Where a figure comes from: the plan's own words, or the officer."""

    PLAN = "plan", "theo kế hoạch"
    OWN = "own", "tự đặt"


class Plan(models.Model):
    """One issued document, as it was read. `reading` is the whole result of `campaigns.reading`, with its sources."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="plans")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    date = models.DateField("ngày ban hành", null=True)
    title = models.TextField("trích yếu")
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True)
    source_name = models.CharField("tên tệp", max_length=255)
    source_sha256 = models.CharField(max_length=64)
    reading = models.JSONField()
    import_warnings = models.JSONField(default=list)  # what only this organisation's rows could tell, as in the reading
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "kế hoạch"
        ordering = ["-imported_at"]
        constraints = [models.UniqueConstraint(fields=["organisation", "source_sha256"], name="plan_once")]

    def __str__(self) -> str:
        return f"{self.number or 'Chưa có số'}: {self.title}"

    @property
    def warnings(self) -> list[dict[str, object]]:
        return [*self.import_warnings, *self.reading.get("warnings", [])]


class Theme(models.Model):
    """A numbered content item of a plan. Identity is order and title; the label may be doubled or wrong."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="themes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    order = models.PositiveIntegerField()  # in reading order, over the whole plan
    path = models.CharField("vị trí", max_length=40)  # "2.c"
    label = models.CharField(max_length=20)
    title = models.TextField()
    text = models.TextField(blank=True)
    source = models.JSONField(default=dict)
    pointer = models.CharField(max_length=200, blank=True)  # its place in the plan's reading: "/themes/0/children/1"
    excluded = models.BooleanField("không phải nội dung", default=False)  # so said a person; rows that serve it stay
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")

    class Meta:
        verbose_name = "nội dung tuyên truyền"
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="theme_order_once")]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"


class Target(models.Model):
    """What the plan demands in numbers. A count the plan does not state is null, never guessed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="targets")
    order = models.PositiveIntegerField()
    text = models.TextField()
    count = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=40, blank=True)
    op = models.CharField(max_length=4, blank=True)  # ">=" at least, "=" exactly
    channel = models.CharField(max_length=120, blank=True)
    implied_count = models.PositiveIntegerField(null=True)  # 1: "each period once", where no number is written
    owner = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=4, default=Origin.PLAN)
    excluded = models.BooleanField("không phải chỉ tiêu", default=False)
    source = models.JSONField(default=dict)

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["plan", "order"]

    def __str__(self) -> str:
        return self.text


class CampaignState(models.TextChoices):
    DRAFT = "draft", "nháp"  # derived or being set up
    ACTIVE = "active", "đang chạy"
    CLOSED = "closed", "đã kết thúc"


class Campaign(models.Model):
    """What the officer runs for one theme or several."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="campaigns")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="campaigns")
    code = models.SlugField("mã", max_length=60)
    title = models.CharField("tên", max_length=300)
    summary = models.TextField("mục tiêu", blank=True)
    audiences = models.JSONField("đối tượng", default=list)
    starts_on = models.DateField("từ ngày", null=True)
    ends_on = models.DateField("đến ngày", null=True)
    channels = models.JSONField("kênh", default=list)  # channel kinds, in order
    owner = models.CharField("đơn vị chủ trì", max_length=200, blank=True)
    rhythm = models.JSONField("nhịp đăng", default=dict)  # see campaigns.definitions.Rhythm; {} when not set
    rhythms = models.JSONField("nhịp theo kênh", default=list)  # rhythms with a channel of their own
    budget_line = models.ForeignKey("budget.BudgetLine", on_delete=models.PROTECT, null=True, related_name="campaigns")
    themes = models.ManyToManyField(Theme, related_name="campaigns")
    state = models.CharField(max_length=8, default=CampaignState.DRAFT)
    notes = models.JSONField("điều cần biết", default=list)  # sentences the deriving left for whoever runs it
    to_decide = models.TextField("việc chờ quyết định", blank=True)  # a revised plan says something else; "" when not
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "chiến dịch"
        ordering = ["organisation", "code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="campaign_code_once"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return str(CampaignState(self.state).label)


class PostState(models.TextChoices):
    DRAFT = "draft", "nháp"
    SUBMITTED = "submitted", "chờ duyệt"
    RETURNED = "returned", "cần sửa"
    APPROVED = "approved", "đã duyệt"
    RETIRED = "retired", "đã lưu trữ"


class LateRule(models.TextChoices):
    """What happens to a post whose time passed while nothing could be sent."""

    ALWAYS = "always", "gửi dù muộn"  # storm warning
    UNTIL = "until", "gửi đến một thời điểm"  # meeting notice
    NEVER = "never", "không gửi muộn"


class Post(models.Model):
    """One piece of content. What goes out is never this row but a frozen `PostVersion` of it."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="posts")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="posts")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="posts")
    ref = models.CharField(max_length=12, unique=True)  # public, fixed for life
    title = models.CharField("tiêu đề", max_length=300)
    lead = models.TextField("sa-pô", blank=True)
    body = models.TextField("nội dung", blank=True)  # Markdown
    footer = models.TextField("chân bài", blank=True)
    pictures = models.ManyToManyField("assets.Asset", through="PostPicture", related_name="posts")
    video = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, null=True, related_name="+")
    accounts = models.ManyToManyField("delivery.Account", related_name="posts")
    urgent = models.BooleanField("khẩn cấp", default=False)
    late_rule = models.CharField("khi bị muộn", max_length=6, default=LateRule.UNTIL)
    late_hours = models.PositiveIntegerField("số giờ được muộn", default=24)  # for LateRule.UNTIL
    state = models.CharField(max_length=9, default=PostState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="posts")
    unconfirmed = models.BooleanField("chữ chưa được người xác nhận", default=False)  # derived from poor OCR text
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "tin bài"
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state_known"),
            models.CheckConstraint(condition=Q(late_rule__in=LateRule.values), name="post_late_rule_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return str(PostState(self.state).label)


class PostPicture(models.Model):
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["post", "asset"], name="post_picture_once")]

    def __str__(self) -> str:
        return f"{self.post_id}/{self.order}"


class PostVersion(models.Model):
    """The wording of a post, frozen when it was submitted. `digest` covers the exact payload of every account."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()  # of the post it was taken from
    title = models.CharField(max_length=300)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "phiên bản"
        ordering = ["post", "-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} (bản {self.number})"


class Rendering(models.Model):
    """Exactly what one account will publish of one version."""

    version = models.ForeignKey(PostVersion, on_delete=models.PROTECT, related_name="renderings")
    account = models.ForeignKey("delivery.Account", on_delete=models.PROTECT, related_name="renderings")
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "bản theo kênh"
        ordering = ["account_id"]
        constraints = [models.UniqueConstraint(fields=["version", "account"], name="rendering_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"


class Decision(models.TextChoices):
    APPROVED = "approved", "đã duyệt"
    RETURNED = "returned", "yêu cầu sửa"
    VOIDED = "voided", "hết hiệu lực do sửa bài"


class Approval(models.Model):
    """One decision on one version, bound to the digest the approver saw."""

    version = models.ForeignKey(PostVersion, on_delete=models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "quyết định duyệt"
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=Q(decision__in=Decision.values), name="decision_known")]

    def __str__(self) -> str:
        return f"{Decision(self.decision).label}: {self.version}"
