"""The rules that give a box steady names for its receivers, and keep other programs off them. Writing them needs root."""

from __future__ import annotations

WHERE = "/etc/udev/rules.d/60-coach.rules"

# ModemManager probes serial devices for modems, and brltty takes some serial chips for braille displays. A user without a
# seat gets nothing by `uaccess`, therefore the group. An ANT stick of another number is no serial port until usbserial is
# told its id.
RULES = """\
# u-blox receivers: /dev/gps-ublox, left alone by ModemManager
SUBSYSTEM=="tty", ATTRS{idVendor}=="1546", ENV{ID_MM_DEVICE_IGNORE}="1", SYMLINK+="gps-ublox", GROUP="dialout", MODE="0660"
# ANT+ sticks (ANTUSB2, ANTUSB-m)
SUBSYSTEM=="usb", ATTRS{idVendor}=="0fcf", ATTRS{idProduct}=="1008|1009", GROUP="dialout", MODE="0660", SYMLINK+="ant-stick%n"
SUBSYSTEM=="tty", ATTRS{idVendor}=="0fcf", ENV{ID_MM_DEVICE_IGNORE}="1", SYMLINK+="ant-tty", GROUP="dialout", MODE="0660"
"""
