// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace ifrit::gui::models {

/// Roles that our models answer and widgets/data_table draws.
enum TableRole {
    StatusKindRole = Qt::UserRole + 100,  ///< int of StatusKind: shape and colour before the word
    MonospaceRole,                        ///< bool
    MutedRole,                            ///< bool
    StrongRole,                           ///< bool: a heading that others stand under
    FramedRole,                           ///< bool: in a frame, both in the colour of production
    KeyRole,                              ///< QString that names the row through resets
    ExportKeyRole,                        ///< QString, of a header: the column's name in a file
    /// QStringList, of a header: texts of which one is as wide as any that the column can hold, in
    /// the language of now; nothing where there is no telling. Such a column is not cut.
    WidestRole,
    /// What a program reads of the cell: a number without groups or unit (bytes, percent), a time
    /// in RFC 3339 and UTC, a digest in full, a state's name in no language; an invalid one for
    /// none.
    ExportRole
};

}  // namespace ifrit::gui::models
