"""Finds persons by their faces, with a cascade that Debian packages (`opencv-data`) and Python's standard library.

The cascade looks at local binary patterns (Liao et al., «Learning Multi-scale Block Local Binary Patterns for Face
Recognition», 2007): eight blocks around a middle one, each brighter than that or not. Slow beside a compiled detector
(0.2 s to 1 s for a picture 240 pixels wide), which is enough for one or two pictures a second.

Who looks away is not found. The package's cascades of upper and of whole bodies find fewer persons still
(docs/decisions/0010-jobs.md).
"""

import xml.etree.ElementTree as xml
from itertools import accumulate

CASCADE = "/usr/share/opencv4/lbpcascades/lbpcascade_frontalface.xml"
MODEL = "lbpcascade_frontalface"
VERSION = "1"

SCALE_STEP = 1.2
# Windows that agree before a face is believed.
LEAST_NEIGHBOURS = 3
SAME_FACE_IOU = 0.3


class PersonDetector:
    def __init__(self, path=CASCADE):
        cascade = xml.parse(path).getroot().find("cascade")
        self.size = int(cascade.findtext("width"))
        rects = [_numbers(rect) for rect in cascade.find("features").iter("rect")]
        self.stages = []
        for stage in cascade.find("stages"):
            trees = []
            for tree in stage.find("weakClassifiers"):
                _, _, feature, *subset = _numbers(tree.find("internalNodes"))
                low, high = _numbers(tree.find("leafValues"), float)
                trees.append((rects[feature], _bits(subset), low, high))
            self.stages.append((float(stage.findtext("stageThreshold")), trees))

    def find(self, grey, width, height):
        """`grey`: a byte a pixel, row by row. Answers `[{score, box}]`, boxes as fractions [x, y, w, h]."""
        sums = _integral(grey, width, height)
        hits = []
        scale = 1.0
        while self.size * scale <= min(width, height):
            hits += self._find_at(scale, (sums, width, height))
            scale *= SCALE_STEP
        return [
            {"score": min(1.0, count / 20), "box": [x / width, y / height, side / width, side / height]}
            for x, y, side, count in _groups(hits)
        ]

    def _find_at(self, scale, picture):
        """Faces of one size: the picture is made smaller until they are as large as the cascade's window."""
        small, width, height = _smaller(scale, picture)
        sums = _integral(small, width, height)
        stages = self._laid_over(width + 1)
        step = 1 if scale > 2 else 2
        for y in range(0, height - self.size, step):
            for x in range(0, width - self.size, step):
                if _passes(stages, sums, y * (width + 1) + x):
                    yield x * scale, y * scale, self.size * scale

    def _laid_over(self, stride):
        """The stages with each block's 16 corners as offsets into an integral image of this many columns."""
        grid = [(row, col) for row in range(4) for col in range(4)]
        return [
            (
                threshold,
                [
                    ([(y + row * h) * stride + x + col * w for row, col in grid], subset, low, high)
                    for (x, y, w, h), subset, low, high in trees
                ],
            )
            for threshold, trees in self.stages
        ]


def _smaller(scale, picture):
    """Each pixel is the mean of those that it covers."""
    sums, width, height = picture
    stride = width + 1
    across, down = int(width / scale), int(height / scale)
    lefts = [int(x * scale) for x in range(across + 1)]
    pixels = []
    for y in range(down):
        top, bottom = int(y * scale), int((y + 1) * scale)
        edges = [sums[bottom * stride + x] - sums[top * stride + x] for x in lefts]
        high = bottom - top
        pixels += [(edges[x + 1] - edges[x]) // (high * (lefts[x + 1] - lefts[x])) for x in range(across)]
    return pixels, across, down


# Of the eight blocks around the middle one: upper left corner in the grid of 4 x 4 corners, and its bit.
AROUND = ((0, 128), (1, 64), (2, 32), (6, 16), (10, 8), (9, 4), (8, 2), (4, 1))


def _passes(stages, sums, at):
    for threshold, trees in stages:
        total = 0.0
        for corners, subset, low, high in trees:
            c = [sums[at + corner] for corner in corners]
            middle = c[5] - c[6] - c[9] + c[10]
            code = 0
            for k, bit in AROUND:
                if c[k] - c[k + 1] - c[k + 4] + c[k + 5] >= middle:
                    code |= bit
            total += low if subset >> code & 1 else high
        if total < threshold:
            return False
    return True


def _integral(grey, width, height):
    """(width + 1) x (height + 1): the sum of all that lies above and to the left."""
    above = [0] * (width + 1)
    sums = list(above)
    for y in range(height):
        row = accumulate(grey[y * width : (y + 1) * width], initial=0)
        above = [a + b for a, b in zip(above, row)]
        sums += above
    return sums


def _groups(hits):
    """Windows that show the same face become one, the mean of them; lone ones are chance."""
    groups = []
    for hit in hits:
        for group in groups:
            if _iou(group[0], hit) > SAME_FACE_IOU:
                group.append(hit)
                break
        else:
            groups.append([hit])
    for group in groups:
        if len(group) >= LEAST_NEIGHBOURS:
            yield (*(sum(values) / len(group) for values in zip(*group)), len(group))


def _iou(a, b):
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[2], b[1] + b[2]) - max(a[1], b[1])
    both = max(0, across) * max(0, down)
    return both / (a[2] ** 2 + b[2] ** 2 - both)


def _bits(words):
    return sum((word & 0xFFFFFFFF) << (32 * index) for index, word in enumerate(words))


def _numbers(element, kind=lambda text: int(float(text))):
    return [kind(number) for number in element.text.split()]
