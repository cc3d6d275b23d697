# SPDX-License-Identifier: Apache-2.0
# ifrit_test(tst_backoff LABEL unit LINK Ifrit::Base [SOURCES more.cpp] [TIMEOUT 30] [HEADERS wire|none])
# The main source is <name>.cpp beside the CMakeLists.txt that names it. A test of a fault that must
# be survived has LABEL fault, or "unit;fault", and prints what it covers (tests/support/fault_row.h).
# WAITS: it uses less than half a processor. MACHINES: as ifrit_runs_machines().
#
# HEADERS wire: it includes gRPC's or the wire's headers (IfritHeaders.cmake); of all tests of a
# folder by its IFRIT_TEST_HEADERS.
#
# Where sources are joined, the tests of a folder are one program, or a few, and
# build/PRESET/tests/<name> is a link to it, by which it knows which of them it is; a target <name>
# builds it. ALONE, and who has SOURCES, is a program of its own: who replaces a function of the
# program's must be.
function(ifrit_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "MACHINES;WAITS;ALONE" "LABEL;TIMEOUT;HEADERS" "SOURCES;LINK")
    if(NOT arg_LABEL)
        set(arg_LABEL unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    if(NOT arg_HEADERS)
        set(arg_HEADERS test ${IFRIT_TEST_HEADERS})
        list(GET arg_HEADERS -1 arg_HEADERS)
    endif()
    if(arg_HEADERS STREQUAL "wire")
        set(arg_HEADERS wire_test)
    endif()
    if(IFRIT_JOINED AND NOT arg_ALONE AND NOT arg_SOURCES)
        ifrit_test_together(${name} ${arg_HEADERS} "${arg_LINK}")
    else()
        ifrit_test_program(${name} ${arg_HEADERS} "${arg_LINK}" ${name}.cpp ${arg_SOURCES})
        ifrit_test_moc(${name} ${name})
    endif()
    add_test(NAME ${name} COMMAND "${CMAKE_BINARY_DIR}/tests/${name}")
    # One limit alone: Qt's own would end a function of a longer test after five minutes.
    # What may last long begins early: behind its end nothing is left to run beside it.
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
        COST ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QTEST_FUNCTION_TIMEOUT=${arg_TIMEOUT}000")
    if(arg_MACHINES)
        ifrit_runs_machines(${name})
    elseif(NOT arg_WAITS)
        set_tests_properties(${name} PROPERTIES PROCESSORS 2)
    endif()
endfunction()

# A job of ctest is a quarter of a processor (tools/test gives it four times as many as there are
# processors): an ordinary test takes two, for it waits for its disk and its threads too; one that
# uses less than half a processor takes one. This test waits too, but has so many processes that only
# few of its kind are at work at once (tests/CMakeLists.txt), and it begins early: those first that
# may last longest.
function(ifrit_runs_machines name)
    get_property(timeout TEST ${name} PROPERTY TIMEOUT)
    math(EXPR cost "1000 + ${timeout}")
    set_tests_properties(${name} PROPERTIES
        PROCESSORS 1 COST ${cost} RESOURCE_GROUPS machines:1)
endfunction()

function(ifrit_test_program target headers link)
    if(IS_SYMLINK "${CMAKE_BINARY_DIR}/tests/${target}")  # it was joined before
        file(REMOVE "${CMAKE_BINARY_DIR}/tests/${target}")
    endif()
    add_executable(${target} ${ARGN})
    ifrit_common(${target})
    ifrit_use_headers(${target} ${headers})
    target_link_libraries(${target} PRIVATE Qt6::Test ${link})
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
endfunction()

# moc of the one class in the test's own source: AUTOMOC would look at each test on its own, and
# compile a file more for it. It needs nothing of what the source includes, and to read that would be
# most of what it does.
function(ifrit_test_moc target name)
    set(moc "${CMAKE_CURRENT_BINARY_DIR}/${name}.moc")
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp")
    add_custom_command(OUTPUT "${moc}" DEPENDS "${source}"
        COMMAND Qt6::moc -DQT_NO_KEYWORDS "${source}" -o "${moc}" VERBATIM COMMENT "Generating ${name}.moc")
    target_sources(${target} PRIVATE "${moc}")
endfunction()

# Notes down what ifrit_join_tests() makes programs of when the folder has named all of its tests.
function(ifrit_test_together name headers link)
    add_custom_target(${name})
    get_property(names DIRECTORY PROPERTY ifrit_tests)
    if(NOT names)
        cmake_language(DEFER CALL ifrit_join_tests)
    endif()
    set_property(DIRECTORY APPEND PROPERTY ifrit_tests ${name})
    set_property(DIRECTORY PROPERTY ifrit_test_headers_${name} ${headers})
    set_property(DIRECTORY PROPERTY ifrit_test_link_${name} "${link}")
endfunction()

# One program of each kind: with the same precompiled headers, and the same of what names a folder of
# this machine to the compiler, whose cache has nothing in common for two folders. It links what any of
# its tests links; that each has enough by itself is seen where nothing is joined.
function(ifrit_join_tests)
    file(RELATIVE_PATH folder "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    string(MAKE_C_IDENTIFIER "${folder}" program)
    get_property(names DIRECTORY PROPERTY ifrit_tests)
    set(kinds "")
    foreach(name IN LISTS names)
        get_property(kind DIRECTORY PROPERTY ifrit_test_headers_${name})
        get_property(link DIRECTORY PROPERTY ifrit_test_link_${name})
        set(headers ${kind})
        foreach(place source_folder misbehaving_agent_path)
            if(place IN_LIST link)
                string(APPEND kind "_${place}")
            endif()
        endforeach()
        list(APPEND kinds ${kind})
        set(headers_of_${kind} ${headers})
        list(APPEND names_of_${kind} ${name})
        list(APPEND link_of_${kind} ${link})
    endforeach()
    list(REMOVE_DUPLICATES kinds)
    set(number 0)
    foreach(kind IN LISTS kinds)
        math(EXPR number "${number} + 1")
        list(REMOVE_DUPLICATES link_of_${kind})
        ifrit_join_tests_of(${program}_${number} "${folder}" ${headers_of_${kind}}
            "${names_of_${kind}}" "${link_of_${kind}}")
    endforeach()
endfunction()

function(ifrit_join_tests_of program folder headers names link)
    list(TRANSFORM names APPEND .cpp OUTPUT_VARIABLE files)
    ifrit_groups(groups ${files})
    # Each source's main() has a name of its own, which the program's calls.
    set(joined "${CMAKE_CURRENT_BINARY_DIR}/joined")
    set(sources "${joined}/${program}.cpp")
    set(groups_seen "")
    foreach(line IN LISTS groups)
        string(REGEX MATCH "^([0-9]+) (.*)\\.cpp$" line "${line}")
        list(APPEND groups_seen ${CMAKE_MATCH_1})
        string(APPEND text_of_${CMAKE_MATCH_1}
            "#define main main_of_${CMAKE_MATCH_2}\n"
            "#include \"${folder}/${CMAKE_MATCH_2}.cpp\"\n#undef main\n")
    endforeach()
    list(REMOVE_DUPLICATES groups_seen)
    foreach(group IN LISTS groups_seen)
        file(CONFIGURE OUTPUT "${joined}/${program}_${group}.cpp" CONTENT "${text_of_${group}}" @ONLY)
        list(APPEND sources "${joined}/${program}_${group}.cpp")
    endforeach()
    set(declared "")
    set(table "")
    foreach(name IN LISTS names)
        string(APPEND declared "int main_of_${name}(int, char**);\n")
        string(APPEND table "        {\"${name}\", main_of_${name}},\n")
    endforeach()
    file(CONFIGURE OUTPUT "${joined}/${program}.cpp" @ONLY CONTENT "#include \"tests/support/joined_tests.h\"
@declared@
int main(int argc, char** argv) {
    static constexpr ifrit::tests::JoinedTest kTests[] = {
@table@    };
    return ifrit::tests::runJoined(kTests, argc, argv);
}
")
    ifrit_test_program(${program} ${headers} "${link}" ${sources})
    set_source_files_properties("${joined}/${program}.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    foreach(name IN LISTS names)
        ifrit_test_moc(${program} ${name})
        add_dependencies(${name} ${program})
        file(CREATE_LINK ${program} "${CMAKE_BINARY_DIR}/tests/${name}" SYMBOLIC)
    endforeach()
endfunction()
