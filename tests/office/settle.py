"""Accepts or rejects all tracked changes of a document in LibreOffice Writer, or saves it as it is.

    settle.py DOCX FOLDER: writes accept.txt, accept.docx, reject.txt, reject.docx, same.docx and same.pdf into FOLDER.
"""

import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def value(name, what):
    made = PropertyValue()
    made.Name, made.Value = name, what
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(200):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    raise SystemExit("LibreOffice does not answer")


def text_of(document):
    paragraphs = document.Text.createEnumeration()
    out = []
    while paragraphs.hasMoreElements():
        out.append(paragraphs.nextElement().getString())
    return "\n".join(out)


def main(source, folder):
    pipe = f"kanwu{os.getpid()}"
    profile = uno.systemPathToFileUrl(os.path.join(os.path.abspath(folder), "profile"))
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation={profile}", f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        context = connect(pipe)
        services = context.ServiceManager
        desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        dispatcher = services.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        url = lambda name: uno.systemPathToFileUrl(os.path.join(os.path.abspath(folder), name))
        for what in ["same", "accept", "reject"]:
            opened = uno.systemPathToFileUrl(os.path.abspath(source))
            document = desktop.loadComponentFromURL(opened, "_blank", 0, (value("Hidden", True),))
            if what == "same":
                document.storeToURL(url("same.pdf"), (value("FilterName", "writer_pdf_Export"),))
            else:
                frame = document.getCurrentController().Frame
                dispatcher.executeDispatch(frame, f".uno:{what.capitalize()}AllTrackedChanges", "", 0, ())
                with open(os.path.join(folder, f"{what}.txt"), "w", encoding="utf-8", newline="") as out:
                    out.write(text_of(document))
            document.storeToURL(url(f"{what}.docx"), (value("FilterName", "MS Word 2007 XML"),))
            document.close(True)
        try:
            desktop.terminate()
        except Exception:
            pass
        office.wait(30)
    finally:
        office.kill()


main(sys.argv[1], sys.argv[2])
