"""The words and colours the console gives to what the other rooms call by a code."""

from __future__ import annotations

from publisher.delivery.states import LABELS, State

# How a state looks: "ask" wants a person, "bad" went wrong, "good" stands, "wait" goes on by itself, "past" is over.
TONES = {
    State.SCHEDULED: "wait",
    State.QUEUED: "wait",
    State.SENDING: "wait",
    State.PROCESSING: "wait",
    State.HANDED_OVER: "ask",
    State.UNKNOWN: "ask",
    State.DELIVERED: "good",
    State.CORRECTED: "good",
    State.FAILED: "bad",
    State.MISSED: "bad",
    State.CANCELLED: "past",
    State.WITHDRAWN: "past",
}

POST_TONES = {"draft": "past", "submitted": "ask", "returned": "bad", "approved": "good", "retired": "past"}
CAMPAIGN_TONES = {"draft": "past", "active": "good", "closed": "past"}

EVENTS = {
    "organisation.created": "Lập đơn vị",
    "organisation.branded": "Đổi nhận diện",
    "member.joined": "Thêm người vào đơn vị",
    "document.received": "Nhận tệp kế hoạch",
    "plan.imported": "Nhập kế hoạch",
    "plan.corrected": "Sửa kết quả đọc kế hoạch",
    "plan.warning_decided": "Xử lý cảnh báo của kế hoạch",
    "plan.revision_proposed": "Đề nghị thay kế hoạch cũ",
    "plan.revised": "Thay kế hoạch cũ",
    "plan.revision_undone": "Hoàn tác việc thay kế hoạch",
    "plan.kept_apart": "Giữ là hai kế hoạch riêng",
    "budget.line_carried": "Chuyển dòng dự toán sang kế hoạch thay thế",
    "budget.line_closed": "Đóng dòng dự toán",
    "campaign.created": "Tạo chiến dịch",
    "campaign.changed": "Sửa định nghĩa chiến dịch",
    "campaign.retied": "Gắn chiến dịch với kế hoạch khác",
    "campaign.closed": "Đóng chiến dịch",
    "campaign.decided": "Quyết định về chiến dịch",
    "post.drafted": "Tạo bản nháp",
    "post.edited": "Sửa tin bài",
    "post.picture_added": "Thêm ảnh",
    "post.picture_removed": "Bỏ ảnh",
    "picture.kept": "Thêm vào thư viện ảnh",
    "picture.described": "Ghi thông tin của ảnh",
    "picture.retired": "Ngừng dùng ảnh",
    "picture.brought_back": "Dùng lại ảnh",
    "post.video_set": "Thêm hoặc thay video",
    "post.video_removed": "Bỏ video",
    "post.sound": "Tạo bản nghe",
    "post.scheduled": "Đặt lịch đăng",
    "post.submitted": "Trình duyệt",
    "post.approved": "Duyệt",
    "post.returned": "Trả lại để sửa",
    "post.not_everywhere": "Có nơi bản trước chưa xong nên chưa đăng bản này",
    "post.left_standing": "Còn bài của bản trước ở kênh mà bản này bỏ",
    "post.voided": "Duyệt hết hiệu lực",
    "account.created": "Thêm kênh",
    "account.held": "Tạm dừng",
    "account.lifted": "Cho chạy lại",
    "account.secrets_changed": "Thay thông tin kết nối",
    "account.settings_changed": "Đổi cấu hình",
    "account.checked": "Kiểm tra kết nối",
    "account.opened": "Mở không kiểm tra",
    "delivery.withdrawal_ordered": "Ra lệnh gỡ",
    "delivery.correction_ordered": "Ra lệnh đính chính",
    "delivery.needs_person": "Cần người quyết định",
    "engine.held": "Tạm dừng toàn hệ thống",
    "engine.lifted": "Cho hệ thống chạy lại",
    "endpoint.added": "Thêm nơi nhận tin",
    "endpoint.paused": "Tạm dừng nơi nhận tin",
    "endpoint.resumed": "Nơi nhận tin chạy lại",
    "endpoint.secret_changed": "Đổi khóa ký của nơi nhận tin",
    "endpoint.replayed": "Gửi lại cho nơi nhận tin",
    "endpoint.retired": "Bỏ nơi nhận tin",
    "delivery.evidence": "Thêm minh chứng",
    "delivery.carried": "Chuyển sang buổi phát sau",
    "bulletin.approved": "Duyệt bản tin",
    "bulletin.voided": "Duyệt bản tin hết hiệu lực",
    "bulletin.aired": "Ghi đã phát",
    "bulletin.cut_short": "Ghi phát dở",
    "bulletin.not_aired": "Ghi không phát",
    "bulletin.emptied": "Buổi phát không còn tin",
    "bulletin.spoken": "Tạo tiếng đọc",
    "bulletin.no_sound": "Không tạo được tiếng đọc",
    "bulletin.episode": "Đưa lên podcast",
    "playlist.opened": "Tạo địa chỉ cho loa IP",
    "playlist.revoked": "Thu hồi địa chỉ của loa IP",
    "delivery.rescheduled": "Dời lượt đăng",
    "delivery.held_for_review": "Giữ lại chờ xem lại",
    "post.rescheduled": "Dời giờ đăng",
    "post.happening_cancelled": "Sự kiện của bài đã hủy",
    "happening.created": "Thêm sự kiện",
    "happening.edited": "Sửa sự kiện",
    "happening.moved": "Dời sự kiện",
    "happening.cancelled": "Hủy sự kiện",
    "happening.revived": "Tổ chức lại sự kiện",
    "blackout.set": "Tạm dừng đăng toàn đơn vị",
    "blackout.lifted": "Cho đăng lại",
    "feed.opened": "Tạo địa chỉ lịch",
    "feed.revoked": "Thu hồi địa chỉ lịch",
    "campaign.timetabled": "Xếp lịch chiến dịch",
    "day.set": "Ghi ngày riêng",
    "day.removed": "Bỏ ngày riêng",
    "organisation.timing_changed": "Đổi quy tắc lịch",
}


def event_words(kind: str) -> str:
    """What happened, as a person says it; the code itself where no words are known."""
    room, _, what = kind.partition(".")
    if room == "delivery" and what in set(State):
        return f"Lượt đăng: {LABELS[State(what)]}"
    return EVENTS.get(kind, kind)


ADVICE = {
    "Unsupported": "Kênh không chở được nội dung này. Sửa bài rồi trình duyệt lại.",
    "Rejected": "Kênh từ chối nội dung. Đọc lý do, sửa bài rồi trình duyệt lại.",
    "Unauthorized": "Tài khoản mất quyền. Quản trị nối lại tài khoản rồi cho chạy lại.",
    "Throttled": "Kênh báo gửi quá nhanh. Hệ thống tự chờ rồi gửi lại, không cần làm gì.",
    "Unavailable": "Kênh không trả lời. Hệ thống tự gửi lại, không cần làm gì.",
    "OutcomeUnknown": "Không rõ bài đã lên chưa. Mở kênh xem tận mắt rồi chọn “Đã đăng” hoặc “Chưa đăng”.",
}

STATE_ADVICE = {
    State.SCHEDULED: "Đến giờ, hệ thống tự gửi.",
    State.QUEUED: "Đã đến lượt, đang chờ tiến trình gửi.",
    State.SENDING: "Đang gọi kênh. Thường xong trong vài giây.",
    State.PROCESSING: "Kênh đã nhận và đang xử lý. Hệ thống tự hỏi lại.",
    State.HANDED_OVER: "Việc đã giao cho người thực hiện. Xác nhận khi xong, kèm minh chứng.",
    State.UNKNOWN: "Câu trả lời của kênh bị mất. Mở kênh xem tận mắt rồi chọn “Đã đăng” hoặc “Chưa đăng”; "
    "hệ thống không gửi lại khi chưa rõ, để bài không lên hai lần.",
    State.DELIVERED: "Bài đang đứng trên kênh.",
    State.CORRECTED: "Bài trên kênh đã được thay bằng bản đính chính.",
    State.FAILED: "Kênh không nhận. Đọc lý do bên dưới, sửa bài hoặc nối lại tài khoản.",
    State.MISSED: "Giờ đăng trôi qua khi hệ thống không gửi được, và bài không cho phép gửi muộn.",
    State.CANCELLED: "Lượt đăng đã hủy, không gửi gì.",
    State.WITHDRAWN: "Bài đã được gỡ khỏi kênh.",
}


def advice(state: State, *, by_a_person: bool, withdraws: bool) -> str:
    """What a state means for this delivery: done by a person or by the channel itself, publishing or taking back."""
    if state is State.DELIVERED and withdraws:
        return "Bài đã được gỡ khỏi kênh này."
    if state is State.DELIVERED and by_a_person:
        return "Việc đã xong và đã được xác nhận."
    return STATE_ADVICE[state]
