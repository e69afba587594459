"""Videos of the Page: three phases, resumable uploads, processing, and what a Video node is."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox

APP = "400000000000004"
FINISH = {"title": "Thu gom rác", "description": "Xem https://a.example/x?pid=p1"}


def send(graph: Any, data: bytes, **form: str) -> tuple[str, str]:
    """In three phases, as the server asks; gives session and video id."""
    begun = graph.video(upload_phase="start", file_size=len(data)).json()
    assert begun["start_offset"] == "0"
    start, end = begun["start_offset"], begun["end_offset"]
    while start != end:
        told = transfer(graph, begun["upload_session_id"], start, data[int(start) : int(end)]).json()
        start, end = told["start_offset"], told["end_offset"]
    done = graph.video(upload_phase="finish", upload_session_id=begun["upload_session_id"], **{**FINISH, **form})
    assert done.json() == {"success": True}
    return begun["upload_session_id"], begun["video_id"]


def transfer(graph: Any, session: str, start: str, piece: bytes) -> requests.Response:
    form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": start}
    files = {"video_file_chunk": ("a.mp4", piece, "application/octet-stream")}
    return graph.ask("POST", "100000000000001/videos", data=form, files=files)


def status(graph: Any, video: str) -> str:
    return str(graph.read(video, fields="status")["status"]["video_status"])


def published(graph: Any) -> list[dict[str, Any]]:
    return list(graph.read("100000000000001/published_posts", fields="id,message,permalink_url,attachments")["data"])


def test_a_video_in_pieces_has_its_id_before_it_is_processed_and_its_post_after(
    sandbox: Sandbox, graph: Any, mp4: bytes
) -> None:
    sandbox.turn("video_chunk", 1000)
    sandbox.turn("video_looks", 2)
    session, video = send(graph, mp4)
    assert [status(graph, video) for _ in range(3)] == ["processing", "processing", "ready"]
    (post,) = published(graph)
    assert post["message"] == FINISH["description"]
    assert post["permalink_url"] == graph.read(video, fields="permalink_url")["permalink_url"]
    assert post["permalink_url"].endswith(f"/reel/{video}")
    assert post["attachments"]["data"][0]["target"]["id"] == video
    again = graph.video(upload_phase="finish", upload_session_id=session)
    assert again.status_code == 400
    acts = [(line["act"], line["pid"]) for line in sandbox.record()]
    assert acts == [("video", "p1"), ("published", "p1")]
    assert requests.get(f"{sandbox.url}/facebook/videos/{video}", timeout=5).content == mp4


def test_a_video_nobody_asks_about_comes_out_all_the_same(graph: Any, mp4: bytes) -> None:
    send(graph, mp4)
    assert published(graph) == []
    assert len(published(graph)) == 1


def test_the_server_may_ask_for_a_piece_again(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    sandbox.turn("video_chunk", 1000)
    sandbox.fault("facebook", "videos", "offset_back", skip=2, times=1)
    _, video = send(graph, mp4)
    sandbox.turn("video_looks", 0)
    while status(graph, video) != "ready":
        pass
    assert requests.get(f"{sandbox.url}/facebook/videos/{video}", timeout=5).content == mp4


def test_a_piece_at_a_wrong_place_is_refused_with_the_right_one(graph: Any, mp4: bytes) -> None:
    begun = graph.video(upload_phase="start", file_size=len(mp4)).json()
    refused = transfer(graph, begun["upload_session_id"], "7", mp4).json()["error"]
    assert refused["error_subcode"] == 1363037
    assert refused["error_data"]["start_offset"] == "0"
    early = graph.video(upload_phase="finish", upload_session_id=begun["upload_session_id"])
    assert early.status_code == 400


@pytest.mark.parametrize(("fault", "end"), [("video_error", "error"), ("video_expired", "expired")])
def test_a_video_may_end_badly(sandbox: Sandbox, graph: Any, mp4: bytes, fault: str, end: str) -> None:
    sandbox.turn("video_looks", 0)
    sandbox.fault("facebook", "videos", fault)
    source = {"source": ("a.mp4", mp4, "video/mp4")}
    video = graph.ask("POST", "100000000000001/videos", files=source, data=FINISH).json()["id"]
    assert status(graph, video) == end
    assert published(graph) == []


def test_a_video_node_is_no_post(graph: Any, mp4: bytes) -> None:
    _, video = send(graph, mp4, published="false")
    refused = graph.ask("GET", video, params={"fields": "is_published"})
    assert "(#100) Tried accessing nonexisting field (is_published) on node type (Video)" in refused.text
    assert status(graph, video) == "processing"
    assert status(graph, video) == "ready"
    assert graph.read(video, fields="published")["published"] is False
    assert published(graph) == []


def test_a_scheduled_video_waits_and_takes_no_marker(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    sandbox.turn_clock(now="2026-12-01T08:00:00+07:00", frozen=True)
    when = {"published": "false", "scheduled_publish_time": str(int(sandbox.now) + 3600)}
    marked = graph.video(**when, unpublished_content_type="SCHEDULED")
    assert marked.status_code == 400
    _, video = send(graph, mp4, **when)
    assert [status(graph, video), status(graph, video), len(published(graph))] == ["processing", "ready", 0]
    sandbox.turn_clock(advance=3600)
    assert len(published(graph)) == 1


def test_a_video_is_edited_and_deleted_with_its_post(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    sandbox.turn("video_looks", 0)
    _, video = send(graph, mp4)
    status(graph, video)
    assert graph.ask("POST", video, data={"description": "Mới"}).json() == {"success": True}
    assert [post["message"] for post in published(graph)] == ["Mới"]
    assert graph.ask("DELETE", video).json() == {"success": True}
    assert published(graph) == []
    assert graph.ask("DELETE", video).json()["error"]["error_subcode"] == 33
    assert [line["act"] for line in sandbox.record()] == ["video", "published", "edited", "deleted"]


def test_what_is_no_video_is_refused(graph: Any) -> None:
    source = {"source": ("a.mp4", b"no video at all", "video/mp4")}
    assert graph.ask("POST", "100000000000001/videos", files=source).json()["error"]["code"] == 352


def test_a_resumable_upload_goes_on_where_the_line_broke(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    about = {"file_name": "a.mp4", "file_length": str(len(mp4)), "file_type": "video/mp4"}
    session = graph.ask("POST", f"{APP}/uploads", params=about).json()["id"]
    assert session.startswith("upload:")
    headers = {"Authorization": f"OAuth {graph.token}", "file_offset": "0"}
    url = f"{graph.base}/{session}"
    sandbox.fault("facebook", "upload", "half_upload")
    with pytest.raises(requests.ConnectionError):
        requests.post(url, data=mp4, headers=headers, timeout=5)
    at = requests.get(url, headers=headers, timeout=5).json()["file_offset"]
    assert 0 < at < len(mp4)
    assert requests.post(url, data=mp4, headers=headers, timeout=5).status_code == 400
    rest = {**headers, "file_offset": str(at)}
    handle = requests.post(url, data=mp4[at:], headers=rest, timeout=5).json()["h"]
    host = sandbox.url + "/graph-video/v26.0"  # the second host has a prefix of its own
    form = {**FINISH, "fbuploader_video_file_chunk": handle, "access_token": graph.token}
    video = requests.post(f"{host}/100000000000001/videos", data=form, timeout=5).json()["id"]
    assert requests.get(f"{sandbox.url}/facebook/videos/{video}", timeout=5).content == mp4
    bad = requests.post(f"{host}/100000000000001/videos", data={**form, "fbuploader_video_file_chunk": "x"}, timeout=5)
    assert bad.status_code == 400


def test_a_bearer_does_not_open_an_upload(graph: Any) -> None:
    about = {"file_length": "9", "file_type": "video/mp4"}
    session = graph.ask("POST", f"{APP}/uploads", params=about).json()["id"]
    assert graph.ask("POST", session, data=b"123456789").json()["error"]["code"] == 190
