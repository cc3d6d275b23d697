# SPDX-License-Identifier: Apache-2.0
# Precompiled headers: a few parsed copies that all targets share, instead of one per target.
# A target takes one with HEADERS <name>; what it defines and links must not change what these
# headers say, or the compiler refuses the copy (-Winvalid-pch). dev-clang builds without any, which
# is where an include that only the copy brought is found.
function(ifrit_header_copy name)
    cmake_parse_arguments(arg "" "" "LINK;HEADERS;OPTIONS" ${ARGN})
    set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}_headers.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "")
    add_library(${name}_headers OBJECT "${source}")
    ifrit_common(${name}_headers)
    target_link_libraries(${name}_headers PUBLIC ${arg_LINK})
    target_compile_options(${name}_headers PRIVATE ${arg_OPTIONS})
    target_precompile_headers(${name}_headers PRIVATE ${arg_HEADERS})
endfunction()

function(ifrit_use_headers target name)
    if(NOT name STREQUAL "none")
        target_precompile_headers(${target} REUSE_FROM ${name}_headers)
    endif()
endfunction()

set(status_headers <absl/status/status.h> <absl/status/statusor.h> <absl/synchronization/mutex.h>
    <fmt/format.h> <algorithm> <chrono> <functional> <map> <memory> <optional> <set>
    <string> <string_view> <vector>)
set(status_link absl::status absl::statusor absl::synchronization fmt::fmt)
set(qt_headers <QAbstractItemModel> <QDateTime> <QJsonObject> <QList> <QObject> <QString>
    <QStringList> <QTimer> <QVariant>)
ifrit_header_copy(status LINK ${status_link} HEADERS ${status_headers})
ifrit_header_copy(qt LINK Qt6::Core ${status_link} HEADERS ${status_headers} ${qt_headers})
# For what ifrit_library() is told is OPTIMISED in builds that are not.
if(IFRIT_OPTIMISES)
    ifrit_header_copy(optimised_qt LINK Qt6::Core ${status_link} OPTIONS -O1
        HEADERS ${status_headers} ${qt_headers})
endif()
if(IFRIT_DESKTOP)
    ifrit_header_copy(widgets LINK Qt6::Widgets ${status_link}
        HEADERS ${status_headers} ${qt_headers} <QBoxLayout> <QLabel> <QLineEdit> <QMenu> <QPainter>
            <QPushButton> <QTableView> <QWidget>)
endif()
if(IFRIT_TESTS)
    # The paths of a test's own folders, which no test of ours asks for, would need a copy each; and
    # <QTest> itself says different things with and without Qt Gui and Network.
    set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
    set(test_headers ${qt_headers} <QtTest/qtestcase.h> <QtTest/qtestdata.h> <QCborMap>
        <QCoreApplication> <QRect> <QTemporaryDir> <QUrl> <QUuid>)
    ifrit_header_copy(test LINK Qt6::Test ${status_link} HEADERS ${status_headers} ${test_headers})
endif()

# ifrit_wire_headers(TARGET HEADER...): gRPC and what it made of the wire contract, which TARGET is
# linked for: the dearest of all that we include.
function(ifrit_wire_headers target)
    ifrit_header_copy(wire LINK ${target} ${status_link} HEADERS ${ARGN} ${status_headers})
    if(IFRIT_TESTS)
        ifrit_header_copy(wire_test LINK ${target} Qt6::Test ${status_link}
            HEADERS ${ARGN} ${status_headers} ${test_headers})
    endif()
endfunction()
