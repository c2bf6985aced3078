package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.event.StudyRevisionEvent.ChangeSet;

/**
 * What the changes of a study since its last revision come to. An instance is at a path, {@code <series>/<instance>}; that
 * which came and went in between was never told of and is not now.
 */
final class PendingChanges {
    private static final class Course {
        final boolean wasThere;
        boolean isThere;
        boolean wentAway;
        boolean corrects;

        Course(boolean wasThere) {
            this.wasThere = wasThere;
            isThere = wasThere;
        }
    }

    private final Map<String, Course> courses = new LinkedHashMap<>();

    /** Adds what happened next. */
    void add(String path, Changes.Kind kind) {
        Course course = courses.computeIfAbsent(path, p -> new Course(kind != Changes.Kind.ADDED));
        switch (kind) {
            case ADDED -> course.isThere = true;
            case REPLACED -> course.wentAway = true;
            case CORRECTED -> course.corrects = true;
            case DELETED -> {
                course.isThere = false;
                course.wentAway = true;
            }
        }
    }

    /**
     * The sum of it. Applied to the instances of the revision before, deletions first, it gives those of this one. What was
     * there, went and came again, or other bytes of it, is a deletion and a modification.
     *
     * @param isFirst whether there is no revision before, of which an attribute could be corrected
     */
    ChangeSet changeSet(boolean isFirst) {
        List<String> additions = new ArrayList<>();
        List<String> deletions = new ArrayList<>();
        List<String> modifications = new ArrayList<>();
        courses.forEach((path, course) -> {
            if (!course.wasThere && course.isThere) {
                additions.add(path);
            }
            if (course.wasThere && course.wentAway) {
                deletions.add(path);
            }
            if (course.isThere && (course.wasThere || course.corrects && !isFirst)) {
                modifications.add(path);
            }
        });
        return new ChangeSet(additions, deletions, modifications);
    }
}
