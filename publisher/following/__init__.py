"""Those who follow the log: signed webhooks, WebSub hubs, and people who want to be told.

Nothing here is written in the transaction of a publication. Sealed events are handed out behind a cursor, what goes to
other machines waits in an outbox (`Dispatch`, `Letter`), and whoever fails is tried again without anybody else waiting.
"""
