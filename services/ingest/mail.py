"""Whether a mail address is a business's or one that anybody can open for nothing.

Source: the sign-up pages of the providers, read for the domains on which they give free
mailboxes. Short on purpose: an unlisted free domain counts as business, which costs a lead
nothing but a rank.
"""

from typing import Literal

FREE = frozenset(
    {
        *("gmail.com", "googlemail.com"),
        *("outlook.com", "hotmail.com", "live.com", "msn.com"),
        *("outlook.de", "outlook.fr", "outlook.es", "outlook.it"),
        *("hotmail.co.uk", "hotmail.de", "hotmail.fr", "hotmail.es", "hotmail.it", "live.co.uk"),
        *("yahoo.com", "ymail.com", "rocketmail.com", "aol.com"),
        *("yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.it", "yahoo.co.in"),
        *("yahoo.co.jp", "yahoo.com.br", "yahoo.ca"),
        *("icloud.com", "me.com", "mac.com"),
        *("gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "mail.com", "t-online.de"),
        *("proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "zohomail.com"),
        *("mail.ru", "bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.com", "ya.ru"),
        *("orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "virgilio.it"),
        *("uol.com.br", "bol.com.br", "terra.com.br"),
        *("qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "rediffmail.com"),
        *("seznam.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl"),
    }
)


def kind_of_mail(address: str | None) -> Literal["business", "free"] | None:
    """By the address's domain; nothing for a lead without an address."""
    if address is None:
        return None
    return "free" if address.rpartition("@")[2].strip().lower() in FREE else "business"
