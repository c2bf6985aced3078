package org.imagingingestion.benchmarks.corpus;

/** The three sizes of object that every job is about; all of them 16 bit, one sample a pixel. */
public enum ObjectKind {
    /** 512 × 512, about 528 KB: a slice of a CT. */
    CT("1.2.840.10008.5.1.4.1.1.2", "CT", 512, 1),
    /** 64 × 64, about 12 KB: where the header and the request cost more than the pixels. */
    TINY("1.2.840.10008.5.1.4.1.1.2", "CT", 64, 1),
    /** 512 × 512 × 100 frames, 52 MB: where memory is lost. */
    MULTIFRAME("1.2.840.10008.5.1.4.1.1.7.3", "OT", 512, 100);

    final String sopClass;
    final String modality;
    final int side;
    final int frames;

    ObjectKind(String sopClass, String modality, int side, int frames) {
        this.sopClass = sopClass;
        this.modality = modality;
        this.side = side;
        this.frames = frames;
    }

    /** The SOP Class UID. */
    public String sopClass() {
        return sopClass;
    }

    /** The number of frames in one object. */
    public int frames() {
        return frames;
    }

    /** The number of bytes of one frame. */
    public int frameLength() {
        return side * side * 2;
    }

    /** The number of bytes of the pixel data. */
    public int pixelLength() {
        return frames * frameLength();
    }
}
