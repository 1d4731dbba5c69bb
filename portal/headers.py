"""What every answer tells the browser, besides what Django's ``SecurityMiddleware`` does.

Whatever the answer is – a page, a file, an error, an answer of the API – it gets the same: there is no address that a
rule was forgotten for. Nothing is only reported; every rule holds.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

# Everything a page could ask of the machine in front of it, as far as browsers know the word: one that they do not know
# they complain of. The pages ask for nothing.
FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "compute-pressure", "display-capture"),
    *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture"),
    *("publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access"),
    *("usb", "window-management", "xr-spatial-tracking"),
)

ALWAYS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    # No other site may draw anything of ours into its pages, and none shares a process or a window with ours.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Frame-Options": "DENY",  # as the policy of contents says, for browsers that do not read it
}

EXPLAINED = (404, 500)


def every_answer(get_response: Answer) -> Answer:
    """The outermost middleware that answers: no other does without it.

    The policy of contents holds no nonce, so it is the same for every answer and is built once. A page on which Django
    explains an error to a developer (DEBUG) comes without: it brings its own styles.
    """
    built: tuple[object, str] = (None, "")

    def policy() -> str:
        nonlocal built
        wanted = settings.CONTENT_SECURITY_POLICY
        if built[0] is not wanted:
            built = (wanted, build_policy())
        return built[1]

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if not (settings.DEBUG and response.status_code in EXPLAINED):
            response.headers[HEADER] = policy()
        return response

    return answer
